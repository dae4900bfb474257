from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("reports", "0009_print_jobs")]
    operations = []
