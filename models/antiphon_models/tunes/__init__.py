"""The character network of the source articles: any text, and tunes in ABC notation in a spelling of ours."""
