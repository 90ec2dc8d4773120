"""The office calendar and the legal regimes of dossiers: what `core/worktime.py` reckons with, as data."""
