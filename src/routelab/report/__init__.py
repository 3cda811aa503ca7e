"""Reports: frames, charts, result views, and notebooks rendered to one offline HTML file each.

Import the part you need: `routelab.report.driver` runs notebooks, `routelab.report.views` holds the
result views, `routelab.report.frames` makes frames of records.
"""
