"""pyactiveresource, unmodified, against a served studio, in JSON and in XML."""
