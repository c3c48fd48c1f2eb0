"""Printed renuncias: what was fixed on the day of issue, on one page of Carta, however long the names."""

import io
import re
from datetime import timedelta

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from django.core.files.storage import default_storage
from PIL import ImageChops

from common.pdf import render_pdf
from papers.models import PrintJob
from papers.states import PrintState
from renuncias.actions import issue_renuncias, print_renuncias
from renuncias.models import Renuncia
from renuncias.render import STYLESHEETS, _Formats, draw_lot, words_of
from renuncias.states import Motive
from renuncias.tasks import print_renuncias as sweep
from tests.factories.renuncias import issued, responsable_of
from tests.factories.school import PlantelFactory
from tests.factories.students import NOW, EnrollmentFactory
