extension Schema {
    /// Photos of what good items look like, and the banks that are made from them.
    ///
    /// `orderID` is of a photo that shows an order's own item; it stands for that order only.
    ///
    /// A bank is valid while its `version` is the product's; it can be made anew from the photos at
    /// any time. `scoreRatios` are the numbers that it lends to banks of fewer photos, as JSON. The
    /// row of a product stays when its last photo goes, so that versions are never used twice.
    static let references = Migration(
        name: "reference photos",
        statements: [
            """
            CREATE TABLE referenceProduct (
              tenant TEXT NOT NULL, sku TEXT NOT NULL, version INTEGER NOT NULL,
              changedAt INTEGER NOT NULL,
              PRIMARY KEY (tenant, sku)
            ) STRICT, WITHOUT ROWID;
            CREATE TABLE referencePhoto (
              tenant TEXT NOT NULL, id TEXT NOT NULL, sku TEXT NOT NULL, role TEXT NOT NULL,
              view TEXT NOT NULL, orderID TEXT, inspection TEXT, sha256 TEXT NOT NULL,
              format TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL,
              keptName TEXT NOT NULL, keptByteCount INTEGER NOT NULL,
              wrappedDataKey BLOB NOT NULL, addedAt INTEGER NOT NULL, addedBy TEXT NOT NULL,
              version INTEGER NOT NULL,
              PRIMARY KEY (tenant, id),
              CHECK (role IN ('catalogue', 'packing', 'pristine'))
            ) STRICT;
            CREATE UNIQUE INDEX referencePhotoByContent
              ON referencePhoto (tenant, sku, view, role, COALESCE(orderID, ''), sha256);
            CREATE UNIQUE INDEX referencePhotoByKeptName ON referencePhoto (keptName);
            CREATE INDEX referencePhotoByOrder ON referencePhoto (tenant, orderID)
              WHERE orderID IS NOT NULL;
            CREATE INDEX referencePhotoByInspection ON referencePhoto (tenant, inspection)
              WHERE inspection IS NOT NULL;
            CREATE TABLE referenceBank (
              tenant TEXT NOT NULL, id TEXT NOT NULL, sku TEXT NOT NULL, view TEXT NOT NULL,
              featureVersion TEXT NOT NULL, version INTEGER NOT NULL, photoCount INTEGER NOT NULL,
              scoreRatios BLOB NOT NULL, keptName TEXT NOT NULL, keptByteCount INTEGER NOT NULL,
              wrappedDataKey BLOB NOT NULL, madeAt INTEGER NOT NULL,
              PRIMARY KEY (tenant, id)
            ) STRICT;
            CREATE UNIQUE INDEX referenceBankByView
              ON referenceBank (tenant, sku, view, featureVersion);
            CREATE UNIQUE INDEX referenceBankByKeptName ON referenceBank (keptName);
            """
        ])
}
