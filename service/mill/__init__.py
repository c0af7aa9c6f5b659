"""Mill: which yarn runs short, when, because of which orders; what the machines knit, at what cost.

Words: *yarn* is knitted into *styles* by *recipes* (a bill of material: pounds of yarn for a pound of
fabric); a *knit order* asks for pounds of a style, a *receipt* is yarn that a purchase order still brings.
Quantities are pounds. The upstream is files of the mill's ERP.
"""
