"""The models: base codecs, personal spaces, resynthesis. Knows no database."""
