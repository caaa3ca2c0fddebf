using System.Text;
using NodaTime;
using UsageLedger.Answering;

namespace UsageLedger.Recording;

/// <summary>
/// A record while it is read: takes members as they come, keeps every rule that they break, and makes the record.
/// One draft serves many records, so that texts which repeat from one to the next are kept once.
/// </summary>
/// <param name="now">When the record arrived.</param>
/// <param name="pointers">Where each member stands in the sender's own form.</param>
internal sealed partial class UsageDraft(Instant now, UsageDefaults defaults, string[] pointers)
{
    public const int ProblemsMax = 20;

    /// <summary>So many problems of one body are told in full; of each record after that only the first.</summary>
    public const int BodyProblemsMax = 10_000;

    private readonly Instant latest = now + TimeBounds.AheadMax;
    private readonly string?[] texts = new string?[UsageMembers.TextCount];
    private readonly string?[] lastTexts = new string?[UsageMembers.TextCount];
    private readonly List<NamedText> attributes = [];
    private readonly decimal?[] numbers = new decimal?[UsageMembers.Count];
    private List<FieldProblem> problems = [];
    private Instant? occurredAt;
    private bool revision;
    private uint given;
    private int index;
    private int told;

    /// <summary>So much is wrong that more need not be told.</summary>
    private bool IsHopeless => problems.Count >= (told < BodyProblemsMax ? ProblemsMax : 1);

    public string Pointer => JsonPointer.Item(index);

    public string PointerOf(UsageMember member) => Pointer + pointers[(int)member];

    /// <summary>Starts a record; a negative index means that it is the whole body.</summary>
    public void Begin(int index)
    {
        this.index = index;
        told += problems.Count;
        given = 0;
        revision = defaults.Revision;
        occurredAt = null;
        attributes.Clear();
        Array.Clear(texts);
        Array.Clear(numbers);
        problems = problems.Count == 0 ? problems : [];
    }

    /// <summary>Notes that a member is given; false if it was given before.</summary>
    public bool Give(UsageMember member)
    {
        var bit = 1u << (int)member;
        var first = (given & bit) == 0;
        given |= bit;
        return first;
    }

    /// <summary>Takes back <see cref="Give"/>: the member is there in form, but says that it is absent.</summary>
    public void Withdraw(UsageMember member) => given &= ~(1u << (int)member);

    public void Text(UsageMember member, ReadOnlySpan<byte> utf8)
    {
        var last = lastTexts[(int)member];
        if (last is not null && Ascii.Equals(utf8, last))
        {
            texts[(int)member] = last;
        }
        else if (utf8.Length > TextRules.TextMax * TextRules.BytesPerCharacterMax)
        {
            Refuse(member, TextRules.TooLong(member == UsageMember.ClientId ? TextRules.IdMax : TextRules.TextMax));
        }
        else
        {
            Text(member, Encoding.UTF8.GetString(utf8));
        }
    }

    public void Text(UsageMember member, string text)
    {
        var broken = member switch
        {
            UsageMember.ClientId => TextRules.BrokenId(text),
            UsageMember.Currency when !Currencies.Contains(text) =>
                (Refusals.UnknownCurrency, "must be an ISO 4217 code in upper case, such as USD"),
            _ => TextRules.Broken(text, TextRules.TextMax)
        };
        if (broken is { } rule)
        {
            Refuse(member, rule);
            return;
        }

        texts[(int)member] = lastTexts[(int)member] = text;
    }

    public void Number(UsageMember member, ReadOnlySpan<byte> utf8)
    {
        var reading = ExactDecimal.Read(utf8, out var value);
        if (reading == DecimalReading.NotANumber)
        {
            Refuse(member, (Refusals.NotANumber, "must be a number, or a string that holds just one, such as \"12.5\""));
        }
        else if (reading == DecimalReading.OutOfRange)
        {
            Refuse(member, (OutOfRange(member), "must have at most 28 digits and 28 decimals; round it where it is made"));
        }
        else if (member == UsageMember.Quantity && value < 0)
        {
            Refuse(member, (Refusals.NegativeQuantity, "must be zero or more; void or revise usage instead of taking it back"));
        }
        else
        {
            numbers[(int)member] = value;
        }
    }

    public void Time(ReadOnlySpan<byte> utf8)
    {
        if (InstantText.Broken(utf8, out var instant) is { } rule)
        {
            Refuse(UsageMember.OccurredAt, rule);
        }
        else
        {
            Time(instant);
        }
    }

    public void Time(Instant instant)
    {
        if (instant < TimeBounds.Earliest)
        {
            Refuse(UsageMember.OccurredAt, (Refusals.TooEarly, "must not be before 2000-01-01T00:00:00Z"));
        }
        else if (instant > latest)
        {
            Refuse(UsageMember.OccurredAt, (Refusals.TooLate, "must not be more than 24 hours ahead; check the sender's clock"));
        }
        else
        {
            occurredAt = instant;
        }
    }

    /// <summary>Takes an attribute that stands under <paramref name="parent"/>, a pointer from the record's root.</summary>
    public void Attribute(string parent, string name, string value)
    {
        if (attributes.Count > TextRules.AttributesMax)
        {
            return;
        }

        if (TextRules.Broken(name, TextRules.AttributeNameMax) is { } ofName)
        {
            Refuse(JsonPointer.Member(parent, name), ofName.Code, $"An attribute's name {ofName.Message}.");
        }

        if (TextRules.Broken(value, TextRules.AttributeValueMax, mayBeEmpty: true) is { } ofValue)
        {
            Refuse(JsonPointer.Member(parent, name), ofValue.Code, $"An attribute's value {ofValue.Message}.");
        }

        attributes.Add(new NamedText(name, value));
    }

    public void Revise(bool revision) => this.revision |= revision;

    public void Refuse(UsageMember member, (string Code, string Message) rule) =>
        Refuse(pointers[(int)member], rule.Code, pointers[(int)member][1..].Replace('/', '.') + " " + rule.Message + ".");

    /// <summary>Refuses what stands at <paramref name="pointer"/>, counted from the record's root.</summary>
    public void Refuse(string pointer, string code, string message)
    {
        if (!IsHopeless)
        {
            problems.Add(new FieldProblem(Pointer + pointer, code, message));
        }
    }

    private static string OutOfRange(UsageMember member) => member switch
    {
        UsageMember.Quantity => Refusals.QuantityOutOfRange,
        UsageMember.UnitCost => Refusals.UnitCostOutOfRange,
        _ => Refusals.CostOutOfRange
    };
}
