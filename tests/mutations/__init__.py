"""Known defects, one file a table or theme: each is planted in a clean submission and says what must be found."""
