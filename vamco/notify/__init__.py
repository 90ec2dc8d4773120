"""Messages to people outside and inside (tin gửi): written in the transaction that causes them, sent by
SMTP.
"""
