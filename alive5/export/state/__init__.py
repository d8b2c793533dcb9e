"""
The state file of one output directory.

Law: a window's rows and the fact that it is done are one transaction; it knows neither service nor output.
"""
