//! Rows of small cases.
