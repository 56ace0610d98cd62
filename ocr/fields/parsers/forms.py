"""The table of forms that a field can have."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from ocr.fields.parsers import agencies, dates, names, numbers, quantities
from ocr.fields.parsers.parsed import Parsed

FORMS: Mapping[str, Callable[[str], Parsed]] = MappingProxyType(
    {
        "text": names.parse_text,
        "name": names.parse_name,
        "agency": agencies.parse_agency,
        "address": agencies.parse_address,
        "sex": names.parse_sex,
        "ethnicity": names.parse_ethnicity,
        "nationality": names.parse_nationality,
        "date": dates.parse_date,
        "year": dates.parse_year,
        "document_number": numbers.parse_document_number,
        "serial": numbers.parse_serial,
        "identity_number": numbers.parse_identity_number,
        "identity_paper": numbers.parse_identity_paper,
        "tax_code": numbers.parse_tax_code,
        "integer": numbers.parse_integer,
        "area": quantities.parse_area,
        "money": quantities.parse_money,
    }
)
"""Parsers by the name that a kind gives."""


FAMILIES: Mapping[str, str] = MappingProxyType(
    {
        "name": "name",
        "agency": "name",
        "address": "text",
        "text": "text",
        "sex": "choice",
        "ethnicity": "choice",
        "nationality": "choice",
    }
)
"""Families of forms for the calibration; every other form is of the family `figures`."""

EXPECTED: Mapping[str, str] = MappingProxyType(
    {
        "text": "chữ như in trên giấy",
        "name": "họ và tên, ví dụ Nguyễn Văn An",
        "agency": "tên cơ quan, ví dụ Ủy ban nhân dân xã Tân Lập",
        "address": "địa chỉ như in trên giấy",
        "sex": "Nam hoặc Nữ",
        "ethnicity": "tên dân tộc, ví dụ Kinh",
        "nationality": "tên nước, ví dụ Việt Nam",
        "date": "ngày/tháng/năm, ví dụ 05/01/2020; nếu giấy không ghi ngày thì nhập 01/2020",
        "year": "năm sinh, ví dụ 1969, hoặc ngày/tháng/năm",
        "document_number": "số và ký hiệu, ví dụ 123/QĐ-UBND",
        "serial": "chữ và số như in trên giấy, ví dụ BK 123456",
        "identity_number": "12 chữ số (hoặc 9 chữ số của chứng minh nhân dân)",
        "identity_paper": "số căn cước gồm 12 chữ số (hoặc 9 chữ số của chứng minh nhân dân)",
        "tax_code": "10 chữ số, 10 chữ số và 3 chữ số sau dấu gạch nối, hoặc 12 chữ số",
        "integer": "một số nguyên",
        "area": "diện tích theo mét vuông, ví dụ 125,4",
        "money": "số tiền theo đồng, ví dụ 100.000.000",
    }
)
"""What a person should type, in the words of a message."""
