"""Puts this folder, and so `compared`, among those from which tests import."""
