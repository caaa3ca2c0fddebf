namespace UsageLedger.Recording;

/// <summary>The stable codes of what recording refuses.</summary>
public static class Refusals
{
    // Of a whole body.
    public const string EmptyBody = "empty_body";
    public const string InvalidJson = "invalid_json";
    public const string InvalidUtf8 = "invalid_utf8";
    public const string DuplicateName = "duplicate_name";
    public const string TooManyRecords = "too_many_records";
    public const string InvalidEnvelope = "invalid_envelope";

    // Of one record.
    public const string NotAnObject = "not_an_object";
    public const string UnknownMember = "unknown_member";
    public const string MissingMember = "missing_member";
    public const string WrongType = "wrong_type";
    public const string Empty = "empty";
    public const string TooLong = "too_long";
    public const string ControlCharacter = "control_character";
    public const string InvalidCharacter = "invalid_character";
    public const string InvalidUnicode = "invalid_unicode";
    public const string NotANumber = "not_a_number";
    public const string NegativeQuantity = "negative_quantity";
    public const string QuantityOutOfRange = "quantity_out_of_range";
    public const string UnitCostOutOfRange = "unit_cost_out_of_range";
    public const string CostOutOfRange = "cost_out_of_range";
    public const string UnknownCurrency = "unknown_currency";
    public const string NotAnInstant = "not_an_instant";
    public const string MissingOffset = "missing_offset";
    public const string TooEarly = "too_early";
    public const string TooLate = "too_late";
    public const string TooManyAttributes = "too_many_attributes";
    public const string AttributeNamedTwice = "attribute_named_twice";
    public const string OtherSource = "other_source";
    public const string BinaryData = "binary_data";

    // Of a line or row of a file.
    public const string LineTooLong = "line_too_long";
    public const string InvalidRow = "invalid_row";
    public const string InvalidHeader = "invalid_header";

    // Of a key that is known already.
    public const string KeyReused = "key_reused";
    public const string Voided = "voided";

    /// <summary>A vendor was asked before what is known was recorded, and said something else: it is to be asked again.</summary>
    public const string Overtaken = "overtaken";

    /// <summary>Several records of one request are refused for different reasons.</summary>
    public const string RecordsRefused = "records_refused";
}
