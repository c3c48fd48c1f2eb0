"""The movement file of IMSS, «DISPMAG»: one file of altas (08), one of bajas (02), 168 positions a line.

Source: IMSS, «Estructura de Movimientos afiliatorios» (imss.gob.mx/sites/all/statics/sua/dispmag/
EstructuraMovimientosAfiliatorios.pdf) and «Guía de operación DISP-MAG» of 2009, as five public transcriptions give
them. It is the general structure of employers' movements: none shows that IMSS takes it for students. Where they
disagree, and where only the Subdelegación knows, a setting of the Profile decides.

Nothing is cut and nothing changes unseen. A name is written in capitals with single spaces, the clave del
trabajador in capitals; any other change is one of `changes`, and what cannot be written is one of `problems`. Pure:
movements in, bytes out, and back.
"""

from affiliation.movement_file.checks import changes, fits_key, problems, profile_problems
from affiliation.movement_file.parts import (
    ALTA,
    BAJA,
    BAJAS,
    CAUSAS,
    CODECS,
    FILLERS,
    KEEP,
    LINE_ENDINGS,
    LIST,
    NAMES,
    REPLACE,
    STOP,
    CannotWrite,
    Change,
    Malformed,
    Movement,
    Problem,
    Profile,
    Record,
)
from affiliation.movement_file.reading import read
from affiliation.movement_file.writing import write

__all__ = [
    "ALTA",
    "BAJA",
    "BAJAS",
    "CAUSAS",
    "CODECS",
    "FILLERS",
    "KEEP",
    "LINE_ENDINGS",
    "LIST",
    "NAMES",
    "REPLACE",
    "STOP",
    "CannotWrite",
    "Change",
    "Malformed",
    "Movement",
    "Problem",
    "Profile",
    "Record",
    "changes",
    "fits_key",
    "problems",
    "profile_problems",
    "read",
    "write",
]
