"""What is measured, and how. `make bench` runs everything; each module says what it measures and prints one table."""
