"""
The service: one window's rows, politely and with a grade.

Law: it knows neither the state file nor the output; what it learns of a host it returns.
"""
