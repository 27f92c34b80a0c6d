"""The list of a class, as schools of several countries export it and as Excel there saves it."""

import pytest

from teach.class_list import read_class_list

GERMAN = ["Jörg Müller", "Änne Groß", "Zoë Weiß"]
FRENCH = ["Zoé Lefèvre", "François Gœury", "Noël D'Arçy"]
AMERICAN = ["Ann Lee", "José O'Neil", "Mary Ann Smith-Jones"]
CHINESE = ["王小明", "李娜", "欧阳修远"]
POLISH = ["Michał Łukasik", "Żaneta Wójcik", "Stanisław Gęś"]


def write_rows(names, template, heading):
    """Return the text of a table with Windows line ends; the template gets both parts of a name."""
    rows = [heading]
    for number, name in enumerate(names, start=1):
        first, _space, last = name.rpartition(" ")
        rows.append(template.format(n=number, first=first, last=last, name=name))
    return "\r\n".join([*rows, ""])


EXPORTS = {
    "Germany, semicolons": (
        *("cp1252", GERMAN, GERMAN),
        ("{last};{first};10b;0{n}.02.2010", "Nachname;Vorname;Klasse;Geburtsdatum"),
    ),
    "Germany, both names in a column": (
        *("utf-8-sig", GERMAN, ["Müller, Jörg", "Groß, Änne", "Weiß, Zoë"]),
        ('{n};"{last}, {first}";10b', "Nr.;Name, Vorname;Klasse"),
    ),
    "Germany, with the name of a call": (
        *("utf-8-sig", GERMAN, GERMAN),
        ("{last};{first};w", "Familienname;Rufname;Geschlecht"),
    ),
    "France, semicolons": (
        *("cp1252", FRENCH, FRENCH),
        ("{last};{first};2nde 3;0{n}/02/2010", "NOM;PRÉNOM;CLASSE;NÉ(E) LE"),
    ),
    "France, both names in a column": (
        *("utf-8-sig", FRENCH, ["Lefèvre Zoé", "Gœury François", "D'Arçy Noël"]),
        ("{last} {first};2nde 3", "Élève;Classe"),
    ),
    "USA, commas": (
        *("utf-8", AMERICAN, AMERICAN),
        ("10{n},{last},{first},10", "Student_Number,Last_Name,First_Name,Grade_Level"),
    ),
    "USA, both names in a column": (
        *("utf-8", AMERICAN, ["Lee, Ann", "O'Neil, José", "Smith-Jones, Mary Ann"]),
        ('"{last}, {first}",10{n},Period 3', "Student Name,ID,Section"),
    ),
    "China, commas": (
        *("gb18030", CHINESE, CHINESE),
        ("2026010{n},{name},高一（3）班", "学号,姓名,班级"),
    ),
    "China, tabs": (
        *("utf-16", CHINESE, CHINESE),
        ("{n}\t2026010{n}\t{name}", "序号\t学号\t学生姓名"),
    ),
    "Poland, semicolons": (
        *("cp1250", POLISH, POLISH),
        ("{n};{last};{first};1b", "Lp.;Nazwisko;Imię;Oddział"),
    ),
    "Poland, both names in a column": (
        *("utf-8-sig", POLISH, ["Łukasik Michał", "Wójcik Żaneta", "Gęś Stanisław"]),
        ("{n};{last} {first};1b", "Nr;Nazwisko i imię;Oddział"),
    ),
    "Poland, without a heading": (
        *("cp1250", POLISH, POLISH),
        ("{first} {last}", "Anna Nowak"),
    ),
}


@pytest.mark.parametrize("export", EXPORTS)
def test_the_names_of_a_list_are_those_that_the_school_has_written(export, tmp_path):
    encoding, names, expected, (template, heading) = EXPORTS[export]
    path = tmp_path / "class.csv"
    path.write_bytes(write_rows(names, template, heading).encode(encoding))
    found = read_class_list(path).names
    assert found == (["Anna Nowak", *expected] if heading == "Anna Nowak" else expected)
