"""A crowd of generated students, written by PostgreSQL itself: enough rows that its planner has a choice."""

from django.db import connection

from common.search import normalise
from followup.demo.names import GIVEN, SURNAMES
from school.models import Plantel, SchoolCycle

_PEOPLE = """
INSERT INTO school_user (username, password, is_superuser, is_staff, is_active, date_joined, name, email,
                         has_shortcuts)
SELECT 'multitud-' || n, '!', false, false, true, now(), '', '', true FROM generate_series(1, %(count)s) AS n
"""
_STUDENTS = """
INSERT INTO students_student (user_id, curp, nss, given_names, first_surname, second_surname, search_name)
SELECT id, chr(65 + n %% 26) || chr(65 + n / 26 %% 26) || chr(65 + n / 676 %% 26) || chr(65 + n / 17576 %% 26)
           || lpad(n::text, 14, '0'),
       lpad((n::bigint * 7919 %% 99999989)::text || '0', 11, '0'), g, a, b, g || ' ' || a || ' ' || b
FROM (SELECT id, n,
             (%(given)s::text[])[1 + (n * 7) %% cardinality(%(given)s::text[])] AS g,
             (%(surnames)s::text[])[1 + (n / 3) %% cardinality(%(surnames)s::text[])] AS a,
             (%(surnames)s::text[])[1 + (n / 5 + n / 1009) %% cardinality(%(surnames)s::text[])] AS b
      FROM (SELECT id, substr(username, 10)::int AS n FROM school_user WHERE username LIKE 'multitud-%%') AS u
     ) AS named
"""
_STAYS = """
INSERT INTO students_enrollment (public_id, student_id, plantel_id, cycle_id, matricula, "group", shift, semester,
                                 state, enrolled_on, acuse_due_on, roster_email, roster_phone, created_at)
SELECT 'm' || lpad(id::text, 21, '0'), id, (%(planteles)s::bigint[])[1 + id %% cardinality(%(planteles)s::bigint[])],
       %(cycle)s, '27' || lpad(id::text, 7, '0'), '10' || id %% 9, '', '', 'ACTIVE', '2026-08-21', '2026-08-26',
       'a' || id || '@multitud.example', '66' || lpad(id::text, 8, '0'), now()
FROM students_student WHERE curp LIKE '____0%%'
"""
_DATA = """
INSERT INTO students_studentdata (enrollment_id, is_person_confirmed, email, email_confirmed_at, phone,
    accepts_whatsapp, guardian_contact, postal_code, colonia, municipio, estado, street, exterior_number,
    interior_number, address_notes, other_cover, confirmed_at, updated_at)
SELECT id, true, 'b' || id || '@multitud.example', now(), '55' || lpad(id::text, 8, '0'), false, '', '83000',
       'Centro', 'Hermosillo', 'Sonora', 'Rosales', '1', '', '', 'NONE', now(), now()
FROM students_enrollment WHERE roster_email LIKE '%%@multitud.example' AND id %% 2 = 0
"""


def crowd(planteles: list[Plantel], cycle: SchoolCycle, count: int) -> None:
    """Enrol so many generated students in the planteles, and show them to the planner."""
    values = {
        "count": count,
        "given": [normalise(name) for name in (*GIVEN["M"], *GIVEN["H"])],
        "surnames": [normalise(name) for name in SURNAMES],
        "planteles": [one.pk for one in planteles],
        "cycle": cycle.pk,
    }
    with connection.cursor() as cursor:
        for sql in (_PEOPLE, _STUDENTS, _STAYS, _DATA):
            cursor.execute(sql, values)
        cursor.execute("SELECT gin_clean_pending_list('students_student_words')")  # as autovacuum
        cursor.execute("ANALYZE students_student, students_enrollment, students_studentdata")
