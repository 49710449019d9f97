// Type stripping keeps every line and column where it was: there is nothing to map.
