"""Fields and conditions as data: pure functions, no models, no database."""
