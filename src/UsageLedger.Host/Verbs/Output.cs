using System.Text.Json;
using Spectre.Console;
using UsageLedger.Answering;

namespace UsageLedger.Host.Verbs;

/// <summary>Standard output: for answers only, and without colours where no person looks.</summary>
internal static class Output
{
    public static IAnsiConsole Console { get; } = AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(System.Console.Out),
        Ansi = System.Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect,
        ColorSystem = System.Console.IsOutputRedirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
    });

    public static void Json<T>(T document) => System.Console.WriteLine(JsonSerializer.Serialize(document, LedgerJson.Options));
}
