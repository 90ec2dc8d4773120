"""The catalogue under an administrator's hands: plain forms over `actions.py`, one for each part of a draft."""
