from backoffice.views import customers, invoices, reports, users
