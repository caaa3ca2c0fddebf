using Spectre.Console;

namespace UsageLedger.Host.Demo;

/// <summary>What the demo prints: numbered headings, lines, tables.</summary>
internal sealed class DemoPage(IAnsiConsole console)
{
    private const int ColumnsMax = 80;

    private int steps;

    public void Heading(string text)
    {
        console.WriteLine();
        console.MarkupLineInterpolated($"[bold]{++steps}. {text}[/]");
    }

    /// <summary>Never broken, so that it can be copied.</summary>
    public void Line(string text) => console.Profile.Out.Writer.WriteLine(text);

    /// <summary>Broken between words.</summary>
    public void Sentence(string text)
    {
        var line = "";
        foreach (var word in text.Split(' '))
        {
            if (line.Length + word.Length + 1 > ColumnsMax)
            {
                Line(line);
                line = "   ";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        Line(line);
    }

    public void Table(Table table) => console.Write(table);
}
