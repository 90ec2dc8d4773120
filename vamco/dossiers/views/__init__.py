"""The pages of the one-stop shop: thin, they parse, call an action or a query, and render."""
