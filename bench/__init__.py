"""Measurements of what must not grow, against a real server on a throwaway database. Nothing here is part of the application."""
