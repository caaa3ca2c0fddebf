using System.Text.Json;
using NodaTime;

namespace UsageLedger.Recording.CloudEvents;

/// <summary>Reads one CloudEvent after another: its envelope strictly, its content as usage.</summary>
/// <param name="now">When they arrived.</param>
internal sealed class CloudEventReader(Instant now)
{
    public const int ProblemsMax = 100;

    private static readonly UsageDefaults Defaults = new()
    {
        Provider = "cloudevents",
        Unit = "event",
        Quantity = 1,
        AssumeReceipt = true
    };

    /// <summary>Where the members of a usage record stand in an event.</summary>
    private static readonly string[] Pointers =
    [
        "/source", "/id", "/data/provider", "/type", "/data/unit", "/data/currency", "/subject", "/data/agentId", "/data/resourceId",
        "/data/quantity", "/data/unitCost", "/data/cost", "/time", "/data", "/data/revision"
    ];

    private readonly UsageDraft draft = new(now, Defaults, Pointers);
    private readonly HashSet<string> names = new(StringComparer.Ordinal);
    private readonly HashSet<string> unset = new(StringComparer.Ordinal);
    private readonly List<FieldProblem> problems = [];

    /// <summary>What is wrong with envelopes.</summary>
    public IReadOnlyList<FieldProblem> Problems => problems;

    /// <summary>Set when an object held one name twice: then nobody can say what the body means.</summary>
    public FieldProblem? NamedTwice { get; private set; }

    /// <summary>Reads the value at the reader, which reads <paramref name="body"/>, and moves to its end.</summary>
    /// <param name="index">The place in the batch; negative if the event is the whole body.</param>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public ParsedUsage Read(ref Utf8JsonReader json, ReadOnlySpan<byte> body, int index)
    {
        draft.Begin(index);
        names.Clear();
        unset.Clear();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            Invalid("", "A CloudEvent must be a JSON object.");
            return draft.End();
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonText.Read(ref json) ?? "";
            if (!names.Add(name))
            {
                NamedTwice ??= JsonText.NamedTwice(draft.Pointer, name);
            }

            json.Read();
            if (json.TokenType == JsonTokenType.Null)
            {
                unset.Add(name);
            }
            else if (name == "data")
            {
                NamedTwice ??= EventData.Read(ref json, body, draft);
            }
            else
            {
                Attribute(name, ref json);
            }
        }

        Require();
        return draft.End();
    }

    private void Require()
    {
        foreach (var name in EnvelopeRules.Required)
        {
            if (!Has(name))
            {
                Invalid(name, $"{name} is required.");
            }
        }

        if (Has("data") && Has("data_base64"))
        {
            Invalid("data_base64", "data and data_base64 exclude each other.");
        }
    }

    private bool Has(string name) => names.Contains(name) && !unset.Contains(name);

    private void Attribute(string name, ref Utf8JsonReader json)
    {
        if (EnvelopeRules.Value(name, ref json) is not { } value)
        {
            Invalid(name, EnvelopeRules.WrongType(name));
            NamedTwice ??= JsonText.Skip(ref json) is { } twice ? JsonText.NamedTwice(draft.Pointer, twice) : null;
        }
        else if (EnvelopeRules.Broken(name, value) is { } rule)
        {
            Invalid(name, rule);
        }
        else
        {
            Take(name, value);
        }
    }

    private void Take(string name, string value)
    {
        switch (name)
        {
            case "id":
                Text(UsageMember.IdempotencyKey, value);
                break;
            case "source":
                Text(UsageMember.Source, value);
                break;
            case "type":
                Text(UsageMember.Metric, value);
                break;
            case "subject":
                Text(UsageMember.ClientId, value);
                break;
            case "time":
                draft.Give(UsageMember.OccurredAt);
                draft.Time(System.Text.Encoding.UTF8.GetBytes(value));
                break;
            case "data_base64":
                draft.Refuse("/data_base64", Refusals.BinaryData, "Usage cannot be read from binary data; send data as JSON.");
                break;
            case "specversion" or "datacontenttype" or "dataschema":
                break;
            default:
                draft.Attribute("", name, value);
                break;
        }
    }

    private void Text(UsageMember member, string value)
    {
        draft.Give(member);
        draft.Text(member, value);
    }

    private void Invalid(string name, string message)
    {
        if (problems.Count < ProblemsMax)
        {
            var pointer = name.Length == 0 ? draft.Pointer : JsonPointer.Member(draft.Pointer, name);
            problems.Add(new FieldProblem(pointer, Refusals.InvalidEnvelope, message));
        }
    }
}
