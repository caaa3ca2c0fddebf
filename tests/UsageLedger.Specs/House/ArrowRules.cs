using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace UsageLedger.Specs.House;

/// <summary>Which project may know which: Host, then UsageLedger, then EventLog; Simulators stand alone.</summary>
internal static partial class ArrowRules
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["UsageLedger.EventLog"] = [],
        ["UsageLedger"] = ["UsageLedger.EventLog"],
        ["UsageLedger.Simulators"] = [],
        ["UsageLedger.Host"] = ["UsageLedger", "UsageLedger.Simulators"]
    };

    /// <summary>References of a project file that point the wrong way.</summary>
    public static IEnumerable<string> References(string path, string project)
    {
        var from = Path.GetFileNameWithoutExtension(path);
        var allowed = Allowed.GetValueOrDefault(from) ?? [];
        return
            from include in XDocument.Parse(project).Descendants("ProjectReference").Attributes("Include")
            let to = Path.GetFileNameWithoutExtension(include.Value.Replace('\\', '/'))
            where !allowed.Contains(to)
            select $"{path} refers to {to}";
    }

    /// <summary>Names of another project, or of a framework that its project must not know.</summary>
    public static IEnumerable<string> Names(CSharpText source)
    {
        var project = source.Path.Split('/')[1];
        return
            from match in Mentioned().Matches(source.Code)
            where IsForeign(project, match.Groups["name"].Value)
            select source.At(match.Index, match.Value);
    }

    [GeneratedRegex(@"\b(?:using\s+(?:static\s+)?)(?<name>(UsageLedger|Microsoft\.AspNetCore)[\w.]*)")]
    private static partial Regex Mentioned();

    private static bool IsForeign(string project, string name) => project switch
    {
        "UsageLedger.EventLog" => !Within(name, "UsageLedger.EventLog"),
        "UsageLedger.Simulators" => !Within(name, "UsageLedger.Simulators") && !Within(name, "Microsoft.AspNetCore"),
        "UsageLedger" => Within(name, "UsageLedger.Host") || Within(name, "UsageLedger.Simulators"),
        _ => false
    };

    private static bool Within(string name, string space) => name == space || name.StartsWith(space + '.', StringComparison.Ordinal);
}
