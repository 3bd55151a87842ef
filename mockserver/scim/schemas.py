"""The schemas as data: core User, core Group and the enterprise extension of User (RFC 7643, section 4).

The characteristics are those of RFC 7643, section 8.7; the descriptions are our own.
"""

from __future__ import annotations

from mockserver.scim.attributes import Attribute, DataType, ResourceType, Schema

USER_URN = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP_URN = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE_URN = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def _multi_valued(
    name: str,
    description: str,
    *,
    value: str,
    data_type: DataType = "string",
    case_exact: bool = False,
    types: tuple[str, ...] = (),
    reference_types: tuple[str, ...] = (),
) -> Attribute:
    """Returns a multi-valued attribute with the usual sub-attributes: value, display, type, primary.

    `value` is the description of the sub-attribute of that name, `types` are the canonical values of its type.
    """
    return Attribute(
        name,
        description,
        data_type="complex",
        multi_valued=True,
        sub_attributes=(
            Attribute("value", value, data_type=data_type, case_exact=case_exact, reference_types=reference_types),
            Attribute("display", "Text to show a person in place of the value."),
            Attribute("type", "What the value is used for.", canonical_values=types),
            Attribute("primary", "Whether this is the preferred value; at most one is.", data_type="boolean"),
        ),
    )


_NAME = Attribute(
    "name",
    "The parts of the person's name.",
    data_type="complex",
    sub_attributes=(
        Attribute("formatted", "The whole name, ready to show."),
        Attribute("familyName", "Family name."),
        Attribute("givenName", "Given name."),
        Attribute("middleName", "Middle names."),
        Attribute("honorificPrefix", "Title before the name."),
        Attribute("honorificSuffix", "Suffix after the name."),
    ),
)

_ADDRESSES = Attribute(
    "addresses",
    "Postal addresses.",
    data_type="complex",
    multi_valued=True,
    sub_attributes=(
        Attribute("formatted", "The whole address, ready to show."),
        Attribute("streetAddress", "Street, house number and the like."),
        Attribute("locality", "City or locality."),
        Attribute("region", "State or region."),
        Attribute("postalCode", "Postal code."),
        Attribute("country", "Country, two letters."),
        Attribute("type", "What the address is used for.", canonical_values=("work", "home", "other")),
        Attribute("primary", "Whether this is the preferred address; at most one is.", data_type="boolean"),
    ),
)

_MEMBERSHIPS = Attribute(
    "groups",
    "The groups the user is in; changed through the groups, never here.",
    data_type="complex",
    multi_valued=True,
    mutability="readOnly",
    sub_attributes=(
        Attribute("value", "Identifier of the group.", case_exact=True, mutability="readOnly"),
        Attribute(
            "$ref",
            "Where the group can be read.",
            data_type="reference",
            case_exact=True,
            mutability="readOnly",
            reference_types=("Group",),
        ),
        Attribute("display", "Name of the group.", mutability="readOnly"),
        Attribute(
            "type",
            "How the user comes to be in it.",
            mutability="readOnly",
            canonical_values=("direct", "indirect"),
        ),
    ),
)

USER_SCHEMA = Schema(
    USER_URN,
    "User",
    "A person's account.",
    (
        Attribute("userName", "Name the user signs in with.", required=True, uniqueness="server"),
        _NAME,
        Attribute("displayName", "Name to show to others."),
        Attribute("nickName", "What the person is called casually."),
        Attribute(
            "profileUrl",
            "The person's profile page.",
            data_type="reference",
            case_exact=True,
            reference_types=("external",),
        ),
        Attribute("title", "Job title."),
        Attribute("userType", "Relation to the organisation, such as Employee."),
        Attribute("preferredLanguage", "Preferred languages, as in an Accept-Language header."),
        Attribute("locale", "Locale for dates, numbers and currency."),
        Attribute("timezone", "Time zone, by its IANA name."),
        Attribute("active", "Whether the account may be used.", data_type="boolean"),
        Attribute("password", "A new password; never shown.", mutability="writeOnly", returned="never"),
        _multi_valued("emails", "E-mail addresses.", value="An e-mail address.", types=("work", "home", "other")),
        _multi_valued(
            "phoneNumbers",
            "Telephone numbers.",
            value="A telephone number.",
            types=("work", "home", "mobile", "fax", "pager", "other"),
        ),
        _multi_valued(
            "ims",
            "Instant-messaging addresses.",
            value="An instant-messaging address.",
            types=("aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo"),
        ),
        _multi_valued(
            "photos",
            "Pictures of the person.",
            value="URL of a picture.",
            data_type="reference",
            case_exact=True,
            types=("photo", "thumbnail"),
            reference_types=("external",),
        ),
        _ADDRESSES,
        _MEMBERSHIPS,
        _multi_valued("entitlements", "Things the user is entitled to.", value="An entitlement."),
        _multi_valued("roles", "Roles the user plays.", value="A role."),
        _multi_valued(
            "x509Certificates",
            "Certificates issued to the user.",
            value="A DER certificate in base64.",
            data_type="binary",
            case_exact=True,
        ),
    ),
)

GROUP_SCHEMA = Schema(
    GROUP_URN,
    "Group",
    "A named set of users and other groups.",
    (
        Attribute("displayName", "Name of the group.", required=True),
        Attribute(
            "members",
            "Who is in the group.",
            data_type="complex",
            multi_valued=True,
            sub_attributes=(
                Attribute("value", "Identifier of the member.", case_exact=True, mutability="immutable"),
                Attribute(
                    "$ref",
                    "Where the member can be read.",
                    data_type="reference",
                    case_exact=True,
                    mutability="immutable",
                    reference_types=("User", "Group"),
                ),
                Attribute("type", "What the member is.", mutability="immutable", canonical_values=("User", "Group")),
                Attribute("display", "Name of the member."),
            ),
        ),
    ),
)

ENTERPRISE_SCHEMA = Schema(
    ENTERPRISE_URN,
    "EnterpriseUser",
    "What an employer notes about a user.",
    (
        Attribute("employeeNumber", "Number or code of the person in the organisation."),
        Attribute("costCenter", "Cost centre."),
        Attribute("organization", "Organisation."),
        Attribute("division", "Division."),
        Attribute("department", "Department."),
        Attribute(
            "manager",
            "The person's manager.",
            data_type="complex",
            sub_attributes=(
                Attribute("value", "Identifier of the manager's user.", case_exact=True),
                Attribute(
                    "$ref",
                    "Where the manager's user can be read.",
                    data_type="reference",
                    case_exact=True,
                    reference_types=("User",),
                ),
                Attribute("displayName", "Name of the manager.", mutability="readOnly"),
            ),
        ),
    ),
)

USER = ResourceType("User", "/Users", "User accounts.", USER_SCHEMA, (ENTERPRISE_SCHEMA,))
GROUP = ResourceType("Group", "/Groups", "Groups of users.", GROUP_SCHEMA)
RESOURCE_TYPES = (USER, GROUP)
