using System.Globalization;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Credentials;

/// <summary>The events of a source's credentials. None holds a value.</summary>
internal static class CredentialEvents
{
    /// <summary>A credential was set; those before it count until its grace ends.</summary>
    public static NewEvent Set(SealedCredential credential, int graceSeconds) => new(
        credential.Id, StreamNames.OfSource(credential.SourceId), EventTypes.CredentialSet,
        new CanonicalJsonWriter().StartObject()
            .Member("credentialId", credential.Id.ToString())
            .Member("graceSeconds", graceSeconds.ToString(CultureInfo.InvariantCulture))
            .Member("masterKeyId", credential.MasterKeyId)
            .Member("sourceId", credential.SourceId)
            .EndObject().Take());

    /// <summary>Credentials were opened for a purpose.</summary>
    /// <param name="reading">What is told once: a run, or for webhooks and their fetches an hour.</param>
    public static NewEvent Read(string tenant, string sourceId, string purpose, string reading, IReadOnlyList<Guid> credentials)
    {
        var json = new CanonicalJsonWriter().StartObject().Name("credentialIds").StartArray();
        foreach (var credential in credentials)
        {
            json.Text(credential.ToString());
        }

        return new NewEvent(
            DeterministicId.Of([EventTypes.CredentialRead, tenant, sourceId, purpose, reading, .. credentials.Select(id => id.ToString())]),
            StreamNames.OfSource(sourceId), EventTypes.CredentialRead,
            json.EndArray().Member("purpose", purpose).Member("sourceId", sourceId).EndObject().Take());
    }

    /// <summary>A credential's key was sealed under another master key; nobody saw the values.</summary>
    public static NewEvent Resealed(SealedCredential credential) => new(
        DeterministicId.Of(EventTypes.CredentialResealed, credential.Id.ToString(), credential.MasterKeyId),
        StreamNames.OfSource(credential.SourceId), EventTypes.CredentialResealed,
        new CanonicalJsonWriter().StartObject()
            .Member("credentialId", credential.Id.ToString())
            .Member("masterKeyId", credential.MasterKeyId)
            .Member("sourceId", credential.SourceId)
            .EndObject().Take());
}
