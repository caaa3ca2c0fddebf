using System.Globalization;

namespace UsageLedger.IntegrationSpecs.Verifying.Edits;

/// <summary>SQL for another value of a column than the row has.</summary>
internal static class ColumnValue
{
    public static string Another(string column, string type, Random random)
    {
        var number = random.Next(1, 1_000_000).ToString(CultureInfo.InvariantCulture);
        return type switch
        {
            "bigint" => $"coalesce({column}, 0) + 100000 + {number}",
            "smallint" => $"{column} + 1",
            "uuid" => $"md5('{number}' || {column}::text)::uuid",
            "boolean" => $"not coalesce({column}, false)",
            "jsonb" => $"coalesce({column}, '{{}}') || '{{\"spare\": \"{number}\"}}'",
            "bytea" => $"coalesce({column}, '') || '\\x{number.PadLeft(8, '0')}'",
            "timestamp with time zone" => $"{column} + {number} * interval '1 microsecond'",
            "character varying" or "text" => $"coalesce({column}, '') || '{number}'",
            _ => throw new NotSupportedException($"No edit is known for columns of type {type}, as {column} is."),
        };
    }
}
