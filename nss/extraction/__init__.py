"""Reading an acuse: a file in, a dataclass out. Pure: no Django, no database, no clock.

QR, text layer and OCR each give what they see; `fields` decides from words and their places, and
`reading` puts the three together. A field that is not certain is None.
"""
