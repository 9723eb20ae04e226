"""Files and rows: decoding, descriptors, the catalogue. Knows no model."""
