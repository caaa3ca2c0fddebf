using System.Text.RegularExpressions;
using Map = System.Collections.Generic.IReadOnlyDictionary<string, object>;

namespace UsageLedger.Specs.House;

/// <summary>What must hold of the compose file and of the image, where no container engine is needed to tell.</summary>
internal static partial class ComposeRules
{
    /// <summary>Services of the file whose image is not pinned to a release.</summary>
    public static IEnumerable<string> Floating(IEnumerable<string> images) => images.Where(image => !Pinned().IsMatch(image));

    public static IEnumerable<string> Images(string dockerfile) => From().Matches(dockerfile).Select(match => match.Groups["image"].Value);

    /// <summary>Variables that are neither required with a reason nor have a default: compose would put nothing in their place.</summary>
    public static IEnumerable<string> Unguarded(string compose) =>
        Variable().Matches(compose).Where(match => !Guarded().IsMatch(match.Value)).Select(match => match.Value);

    public static IEnumerable<string> UnknownSettings(IEnumerable<string> names, IEnumerable<string> known) => names.Except(known);

    /// <summary>Settings that the image itself gives.</summary>
    public static IEnumerable<string> ImageSettings(string dockerfile) =>
        Environment().Matches(dockerfile.Replace("\\\n", " ", StringComparison.Ordinal))
            .SelectMany(match => Setting().Matches(match.Groups["settings"].Value)).Select(match => match.Groups["name"].Value);

    public static IEnumerable<string> OpenPorts(IEnumerable<string> ports) =>
        ports.Where(port => !port.StartsWith("127.0.0.1:", StringComparison.Ordinal));

    /// <summary>Named volumes in use: a source that is no path.</summary>
    public static IEnumerable<string> NamedVolumes(IEnumerable<string> mounts) =>
        mounts.Select(mount => mount.Split(':')[0]).Where(source => !source.StartsWith('.') && !source.StartsWith('/'));

    /// <summary>Whether the container engine throws away what a service logged long ago: by size and number of files.</summary>
    public static bool HasBoundedLog(Map service) =>
        service.GetValueOrDefault("logging") is Map logging && logging.GetValueOrDefault("options") is Map options
        && options.ContainsKey("max-size") && options.ContainsKey("max-file");

    [GeneratedRegex(@"^[\w./-]+:\d+\.\d+(\.\d+)?(-[a-z0-9.]+)?$")]
    private static partial Regex Pinned();

    [GeneratedRegex(@"^FROM\s+(?<image>\S+)", RegexOptions.Multiline)]
    private static partial Regex From();

    [GeneratedRegex(@"(?<!\$)\$(\{[^}]*\}|\w+)")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^\$\{\w+:(\?[^}]+|-[^}]*)\}$")]
    private static partial Regex Guarded();

    [GeneratedRegex(@"^ENV\s+(?<settings>.+)$", RegexOptions.Multiline)]
    private static partial Regex Environment();

    [GeneratedRegex(@"(?<name>\w+)=\S*")]
    private static partial Regex Setting();
}
