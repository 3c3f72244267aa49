"""Pure statistics of the standard's estimators, on arrays: no SQL, no tables, no clock."""
