using System.Text.Json;

namespace UsageLedger.Host.Verbs;

/// <summary>Standard output: for answers only.</summary>
internal static class Output
{
    private static readonly JsonSerializerOptions Camel = new(JsonSerializerDefaults.Web);

    public static void Json<T>(T document) => Console.WriteLine(JsonSerializer.Serialize(document, Camel));
}
