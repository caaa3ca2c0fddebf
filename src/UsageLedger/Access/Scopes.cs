namespace UsageLedger.Access;

/// <summary>A set of scopes.</summary>
public readonly record struct Scopes
{
    private static readonly string[] Known = ["ingest", "query", "collect", "audit", "admin"];

    private readonly int bits;

    private Scopes(int bits) => this.bits = bits;

    /// <summary>The scopes' names as they are written, in the order of <see cref="Scope"/>.</summary>
    public IReadOnlyList<string> Names
    {
        get
        {
            var bits = this.bits;
            return [.. Known.Where((_, index) => (bits & (1 << index)) != 0)];
        }
    }

    /// <summary>Reads names such as <c>ingest</c>.</summary>
    /// <param name="unknown">The first name that is none, or null.</param>
    public static Scopes Read(IEnumerable<string> names, out string? unknown)
    {
        var bits = 0;
        unknown = null;
        foreach (var name in names)
        {
            var index = Array.IndexOf(Known, name);
            bits |= index < 0 ? 0 : 1 << index;
            unknown ??= index < 0 ? name : null;
        }

        return new Scopes(bits);
    }

    public static string NameOf(Scope scope) => Known[(int)scope];

    /// <summary>Whether the set holds the scope; admin holds them all.</summary>
    public bool Allow(Scope scope) => (bits & (Bit(scope) | Bit(Scope.Admin))) != 0;

    public override string ToString() => string.Join(',', Names);

    private static int Bit(Scope scope) => 1 << (int)scope;
}
