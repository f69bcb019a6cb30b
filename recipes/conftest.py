"""Puts this folder, and so `compared`, among those from which tests import, and has it tell what differs."""

import pytest

pytest.register_assert_rewrite("compared")
