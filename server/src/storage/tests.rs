//! Tests of the port.
