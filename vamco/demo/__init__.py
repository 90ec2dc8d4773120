"""The demo: Long An of 2016 with people in every post and a month of work, made by the real actions."""
