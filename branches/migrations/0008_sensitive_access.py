"""A row for every opening and every change of what is kept closed about a member."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('branches', '0007_activity_search_key'),
    ]

    operations = [
        migrations.CreateModel(
            name='SensitiveAccess',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('opened', 'xem'), ('changed', 'sửa')], max_length=8, verbose_name='việc')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='lúc')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='tài khoản')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sensitive_accesses', to='branches.member', verbose_name='đoàn viên')),
            ],
            options={
                'verbose_name': 'lần mở phần giữ kín',
                'verbose_name_plural': 'các lần mở phần giữ kín',
            },
        ),
    ]
