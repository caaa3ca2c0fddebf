using UsageLedger.Explaining;

namespace UsageLedger.Exporting;

/// <summary>Writes a document in one format.</summary>
internal interface IExportForm
{
    void Begin();

    void Row(UsageShare share);

    /// <summary>Whatever comes after the rows; what it says of them was hashed before.</summary>
    void End(ExportSummary summary);
}
