"""Those who mean harm, and those who do it unknowingly: zips, workbooks and manifests that no program wrote."""
