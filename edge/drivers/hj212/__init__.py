"""Environment instruments and data loggers that report by HJ 212 (2017, 2005)."""
