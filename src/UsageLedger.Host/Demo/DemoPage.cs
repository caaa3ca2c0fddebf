using Spectre.Console;

namespace UsageLedger.Host.Demo;

/// <summary>What the demo prints: numbered headings, lines, tables.</summary>
internal sealed class DemoPage(IAnsiConsole console)
{
    private int steps;

    public void Heading(string text)
    {
        console.WriteLine();
        console.MarkupLineInterpolated($"[bold]{++steps}. {text}[/]");
    }

    /// <summary>Never broken, so that it can be copied.</summary>
    public void Line(string text) => console.Profile.Out.Writer.WriteLine(text);

    public void Table(Table table) => console.Write(table);
}
