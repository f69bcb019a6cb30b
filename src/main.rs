//! The program: parses its arguments and runs.

fn main() {}
