"""What a superior handed down is kept as a whole: "3-5" was kept as 3."""

from django.db import migrations, models


def fill(apps, schema_editor):
    """Older rows kept one number: that much at least, or in the way of the unit's own target."""
    target = apps.get_model("branches", "Target")
    given = target.objects.exclude(assigned_value=None)
    given.exclude(comparator__in=["range", "zero", "yes"]).update(assigned_comparator=models.F("comparator"))
    given.filter(comparator__in=["range", "zero", "yes"]).update(assigned_comparator="ge")


class Migration(migrations.Migration):

    dependencies = [
        ('branches', '0008_sensitive_access'),
    ]

    operations = [
        migrations.AddField(
            model_name='historicaltarget',
            name='assigned_comparator',
            field=models.CharField(blank=True, choices=[('eq', 'đúng bằng'), ('ge', 'ít nhất'), ('le', 'nhiều nhất'), ('range', 'trong khoảng'), ('gt', 'trên (không kể mức này)'), ('zero', 'không để xảy ra'), ('yes', 'phải có'), ('per_month', 'mỗi tháng'), ('per_quarter', 'mỗi quý')], max_length=12),
        ),
        migrations.AddField(
            model_name='historicaltarget',
            name='assigned_value_to',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True),
        ),
        migrations.AddField(
            model_name='target',
            name='assigned_comparator',
            field=models.CharField(blank=True, choices=[('eq', 'đúng bằng'), ('ge', 'ít nhất'), ('le', 'nhiều nhất'), ('range', 'trong khoảng'), ('gt', 'trên (không kể mức này)'), ('zero', 'không để xảy ra'), ('yes', 'phải có'), ('per_month', 'mỗi tháng'), ('per_quarter', 'mỗi quý')], max_length=12),
        ),
        migrations.AddField(
            model_name='target',
            name='assigned_value_to',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True),
        ),
        migrations.AlterField(
            model_name='historicaltarget',
            name='origin',
            field=models.CharField(choices=[('own', 'Đơn vị tự đề ra'), ('superior', 'Đoàn cấp trên giao'), ('direction', 'Theo chỉ đạo của cấp ủy')], default='own', max_length=10, verbose_name='nguồn'),
        ),
        migrations.AlterField(
            model_name='target',
            name='origin',
            field=models.CharField(choices=[('own', 'Đơn vị tự đề ra'), ('superior', 'Đoàn cấp trên giao'), ('direction', 'Theo chỉ đạo của cấp ủy')], default='own', max_length=10, verbose_name='nguồn'),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
