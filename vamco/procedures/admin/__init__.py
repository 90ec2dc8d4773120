"""The catalogue for administrators: plain forms over `actions.py`, one for each part of a draft."""
