using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using NodaTime;
using UsageLedger.Recording;

namespace UsageLedger.Answering;

/// <summary>
/// The parameters of a query, each asked for by name and rule. What breaks a rule is noted, and reads as absent; <see cref="Problem"/> tells it all.
/// </summary>
public sealed class QueryFields(IQueryCollection query)
{
    public const int LimitDefault = 100;
    public const int LimitMax = 1_000;

    private const int OffsetLength = 6;

    private readonly List<FieldProblem> problems = [];

    /// <summary>A parameter that is given once; an empty one is the same as none.</summary>
    public string? Text(string name, int max = 255)
    {
        var given = query[name];
        if (given.Count > 1)
        {
            Refuse(name, "given_twice", "is given more than once");
            return null;
        }

        if (given is not [{ Length: > 0 } text])
        {
            return null;
        }

        if (TextRules.Broken(text, max) is not { } rule)
        {
            return text;
        }

        Refuse(name, rule.Code, rule.Message);
        return null;
    }

    /// <summary>Every value of a parameter, given by repeating it or with commas between.</summary>
    public IReadOnlyList<string> Texts(string name, int countMax)
    {
        var all = query[name].SelectMany(text => (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Take(countMax + 1).ToList();
        if (all.Count <= countMax)
        {
            return all;
        }

        Refuse(name, "too_many", $"takes at most {countMax} values");
        return [];
    }

    public string? OneOf(string name, params string[] words)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (words.Contains(text))
        {
            return text;
        }

        Refuse(name, "unknown_word", $"must be one of {string.Join(", ", words)}");
        return null;
    }

    /// <summary>RFC 3339 with Z or an offset, whose <c>+</c> may have come as the blank that it means in a URL.</summary>
    public Instant? Instant(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (text.Length > OffsetLength && text[^OffsetLength] == ' ')
        {
            text = string.Concat(text.AsSpan(0, text.Length - OffsetLength), "+", text.AsSpan(text.Length - OffsetLength + 1));
        }

        if (InstantText.Broken(Encoding.UTF8.GetBytes(text), out var instant) is not { } rule)
        {
            return instant;
        }

        Refuse(name, rule.Code, rule.Message);
        return null;
    }

    public long? Whole(string name, long min, long max)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) && whole >= min && whole <= max)
        {
            return whole;
        }

        Refuse(name, "out_of_range", $"must be a whole number from {min} to {max}");
        return null;
    }

    /// <summary>How many items a page may hold.</summary>
    public int Limit(int limitDefault = LimitDefault, int limitMax = LimitMax) => (int)(Whole("limit", 1, limitMax) ?? limitDefault);

    /// <summary>The place that a <c>cursor</c> names, or null for the first page.</summary>
    public IReadOnlyList<string>? Cursor(int values)
    {
        if (Text("cursor", int.MaxValue) is not { } text)
        {
            return null;
        }

        if (Answering.Cursor.Read(text, values) is { } place)
        {
            return place;
        }

        RefuseCursor();
        return null;
    }

    /// <summary>Notes that the values of a <c>cursor</c> are no place of this list.</summary>
    public void RefuseCursor() => Refuse("cursor", "invalid_cursor", "is damaged or belongs to another list; start without it");

    /// <summary>Notes that a parameter is missing or breaks a rule of the query's own.</summary>
    /// <param name="rule">Goes on after the parameter's name: <c>must be ...</c>.</param>
    public void Refuse(string name, string code, string rule) => problems.Add(new FieldProblem("?" + name, code, $"{name} {rule}."));

    /// <summary>Why the query is refused (400), or null.</summary>
    public Problem? Problem() => problems.Count switch
    {
        0 => null,
        1 => Answering.Problem.BadRequest(problems[0]),
        _ => new Problem(StatusCodes.Status400BadRequest, "invalid_query", "Several parameters break a rule; errors names each.", problems)
    };
}
